import { z } from 'zod';

/** The part of SARIF 2.1.0 that is written here, and all that GitHub's code scanning requires or reads of it. */
const text = z.strictObject({ text: z.string().min(1) });
const from1 = z.int().positive();
const count = z.int().nonnegative();
const region = z.strictObject({
  startLine: from1,
  startColumn: from1,
  endLine: from1,
  endColumn: from1,
  charOffset: count,
  charLength: count,
});
const artifactLocation = z.strictObject({
  uri: z.string().regex(/^(file:\/\/\/)?[^\\ ]+$/),
  uriBaseId: z.literal('%SRCROOT%').optional(),
});
const physicalLocation = z.strictObject({ artifactLocation, region: region.optional() });
const level = z.enum(['error', 'warning']);

export const sarifLog = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z
    .array(
      z.strictObject({
        tool: z.strictObject({
          driver: z.strictObject({
            name: z.literal('pipegen'),
            version: z.string(),
            semanticVersion: z.string(),
            rules: z.array(
              z.strictObject({
                id: z.string().max(255),
                shortDescription: text.refine((one) => one.text.length <= 1024),
                fullDescription: text.refine((one) => one.text.length <= 1024),
                help: z.strictObject({ text: z.string().min(1), markdown: z.string().min(1) }),
                defaultConfiguration: z.strictObject({ level }),
                properties: z.strictObject({
                  tags: z.array(z.string()).max(20),
                  precision: z.literal('high'),
                  'problem.severity': level,
                }),
              }),
            ),
          }),
        }),
        invocations: z.array(z.strictObject({ executionSuccessful: z.literal(true) })).length(1),
        columnKind: z.literal('utf16CodeUnits'),
        results: z
          .array(
            z.strictObject({
              ruleId: z.string(),
              ruleIndex: count,
              level,
              message: text,
              locations: z.array(z.strictObject({ physicalLocation })).length(1),
              relatedLocations: z
                .array(z.strictObject({ id: count, physicalLocation, message: text }))
                .optional(),
              partialFingerprints: z.record(z.string(), z.string()),
              fixes: z
                .array(
                  z.strictObject({
                    description: text,
                    artifactChanges: z
                      .array(
                        z.strictObject({
                          artifactLocation,
                          replacements: z
                            .array(
                              z.strictObject({
                                deletedRegion: region,
                                insertedContent: z.strictObject({ text: z.string() }),
                              }),
                            )
                            .min(1),
                        }),
                      )
                      .min(1),
                  }),
                )
                .optional(),
            }),
          )
          .max(25_000),
      }),
    )
    .length(1),
});
