// Stands in for packages that are imported for what never runs on Lambda, such as Bolt's other receivers: they made up
// three quarters of the bundle. Named in serverless.yml under custom.esbuild.alias, and in left-out.cjs.

// Said here, since esbuild says it for what it finds by an alias, and not for what a plugin finds.
'use strict';

function refuse() {
  throw new Error(
    'This was left out of the bundle: see custom.esbuild.alias in serverless.yml, and src/entry/left-out.cjs',
  );
}

// Importing must pass; anything read off the import must not. `__esModule` is read by the import itself.
module.exports = new Proxy(refuse, {
  get: (_target, name) => (name === '__esModule' ? undefined : refuse()),
});
