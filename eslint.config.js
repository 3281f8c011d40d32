/** Lint rules: strict types, who may import whom, and nothing that turns text into markup or code. */

import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** Properties and calls by which a hostile message could become HTML or script. */
const MARKUP = [
  ["innerHTML", "outerHTML", "srcdoc"].map((name) => ({
    selector: `MemberExpression[property.name='${name}'], MemberExpression[property.value='${name}']`,
    message: `${name} turns text into markup: build nodes with ui/dom.ts.`,
  })),
  ["insertAdjacentHTML", "createContextualFragment", "setHTMLUnsafe", "setHTML", "parseFromString", "write", "writeln"].map(
    (name) => ({
      selector: `CallExpression[callee.property.name='${name}']${name.startsWith("write") ? "[callee.object.name='document']" : ""}`,
      message: `${name}() turns text into markup: build nodes with ui/dom.ts.`,
    }),
  ),
].flat();

const layer = (files, patterns) => ({
  files,
  rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] },
});

const only = (allowed, message) => ({ regex: `^(?!(${allowed})$)`, message });

export default tseslint.config(
  { ignores: ["**/node_modules/**", "build/**", "server/**"] },
  js.configs.recommended,
  {
    files: ["extension/src/**/*.ts", "tests/extension/**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: false }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreVoidOperator: true }],
      "@typescript-eslint/dot-notation": ["error", { allowIndexSignaturePropertyAccess: true }],
    },
  },
  {
    files: ["extension/src/**/*.ts"],
    rules: {
      "no-eval": "error",
      "no-implied-eval": "off",
      "@typescript-eslint/no-implied-eval": "error",
      "no-new-func": "error",
      "no-console": "error",
      "no-script-url": "error",
      "no-restricted-syntax": ["error", ...MARKUP],
      eqeqeq: "error",
    },
  },
  // Who may import whom. `entry` may import everything.
  layer(["extension/src/core/**/*.ts"], [only("virtual:messages|\\./.+", "core imports core only.")]),
  layer(
    ["extension/src/ui/**/*.ts"],
    [only("virtual:world|\\./.+|\\.\\./core/types\\.js", "ui knows core/types and itself, never a client.")],
  ),
  layer(
    ["extension/src/ui/breakdown/*.ts"],
    [only("\\./.+|\\.\\./[a-z]+\\.js|\\.\\./\\.\\./core/types\\.js", "ui knows core/types and itself, never a client.")],
  ),
  layer(
    ["extension/src/adapters/**/*.ts"],
    [only("virtual:adapters|\\./.+|\\.\\./adapter\\.js|(\\.\\./)+core/types\\.js", "An adapter knows core/types only.")],
  ),
  {
    files: ["tests/extension/**/*.ts"],
    // node:test returns promises that its runner awaits itself.
    rules: { "@typescript-eslint/no-floating-promises": "off" },
  },
  {
    files: ["**/*.mjs", "eslint.config.js"],
    languageOptions: { globals: { process: "readonly", URL: "readonly" } },
  },
);
