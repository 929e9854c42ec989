// Stands in for packages that are imported for what never runs on Lambda, such as Bolt's other receivers: they made up
// three quarters of the bundle. Named in serverless.yml under custom.esbuild.alias.
function refuse() {
  throw new Error('This package was left out of the bundle: see custom.esbuild.alias in serverless.yml');
}

// Importing must pass; anything read off the import must not. `__esModule` is read by the import itself.
module.exports = new Proxy(refuse, {
  get: (_target, name) => (name === '__esModule' ? undefined : refuse()),
});
