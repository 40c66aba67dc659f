// The one file of this tsconfig.json, because TypeScript refuses to have none.
