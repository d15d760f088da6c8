/** The file of the segments: centres of clusters in scaled units, each with its name. */
import { z } from "zod";
import { common, countSchema, scaledShape } from "./model-shapes.ts";

const clusterSchema = z.strictObject({
  name: z.string().min(1).max(60),
  sentence: z.string(),
  size: countSchema,
  /** In scaled units, one for every feature. */
  centroid: z.array(z.number()),
});

export const clustersSchema = z
  .strictObject({
    ...common,
    kind: z.literal("clusters"),
    task: z.literal("segments"),
    features: z.array(z.strictObject(scaledShape)).min(1),
    clusters: z.array(clusterSchema).min(1),
  })
  .superRefine((model, context) => {
    for (const [index, cluster] of model.clusters.entries()) {
      if (cluster.centroid.length === model.features.length) continue;
      context.addIssue({
        code: "custom",
        path: ["clusters", index, "centroid"],
        message: `has ${cluster.centroid.length} numbers for ${model.features.length} features; train the model again`,
      });
    }
  });

export type ClustersModel = Readonly<z.output<typeof clustersSchema>>;
