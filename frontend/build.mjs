// Bundles styles and scripts into luoshi/core/static/core/dist; nothing is fetched at run time.
import { build } from "esbuild";

await build({
  entryPoints: { luoshi: "src/luoshi.ts", worker: "src/worker.ts", style: "src/style.css", print: "src/print.css" },
  outdir: "../luoshi/core/static/core/dist",
  bundle: true,
  minify: true,
  target: ["es2020", "chrome90", "firefox90"],
  loader: { ".svg": "dataurl", ".woff2": "file" },
  legalComments: "linked",
  logLevel: "warning",
});
