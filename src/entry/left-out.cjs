// What the bundles leave out of packages that they hold: a plugin for esbuild, named in serverless.yml under
// custom.esbuild.plugins. Whole packages are left out by custom.esbuild.alias.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const STAND_IN = join(__dirname, 'unused-dependency.cjs');

/** Bolt's receivers for servers with what they are made of, its assistants; uploads and streamed messages of Slack's client. */
const UNUSED =
  /^\.\/(receivers\/)?(ExpressReceiver|HTTPReceiver|SocketModeReceiver|HTTPModuleFunctions|HTTPResponseAck|SocketModeFunctions|custom-routes|Assistant|file-upload|chat-stream)$/;

const leftOut = {
  name: 'left-out',
  setup(build) {
    build.onResolve({ filter: UNUSED }, ({ importer }) =>
      /[\\/]@slack[\\/](bolt|web-api)[\\/]/.test(importer) ? { path: STAND_IN } : undefined,
    );
    // Clients read it for the name and version that they call themselves by.
    build.onLoad({ filter: /[\\/]node_modules[\\/].*[\\/]package\.json$/ }, ({ path }) => {
      const { name, version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};

module.exports = [leftOut];
