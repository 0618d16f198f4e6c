import { pipelinesOf, type Rule } from './rule.ts';

export const retryOfFinalError: Rule = {
  name: 'retry-of-final-error',
  severity: 'error',
  category: 'efficiency',
  why: 'A wrong key, a request that the API does not understand, a quota that is used up: no retry mends them. Each costs time and often money, and many APIs lock out who keeps asking.',
  bad: 'sources: { api: { errors: [{ status: [401], then: retry }] } }',
  good: 'sources: { api: { errors: [{ status: [401], then: fail }, { status: [429], then: retry }] } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { extract } = pipeline.settings;
      const source = pipeline.extractSource;
      if (extract === undefined || source === undefined) continue;
      for (const [index, rule] of source.errors.entries()) {
        if (rule.then !== 'retry') continue;
        // With a header or a code beside it a status means what those say.
        const status = rule.in === undefined ? rule.status?.find((one) => FINAL.includes(one)) : undefined;
        const code = rule.in?.findIndex((one) => FINAL_CODE.test(one)) ?? -1;
        if (status === undefined && code < 0) continue;
        report({
          message: `${status ?? `"${rule.in?.[code]}"`} is final: asking again can’t mend it`,
          layers: [['sources', extract.source]],
          path: status === undefined ? ['errors', index, 'in', code] : ['errors', index, 'then'],
          help: 'let it fail: then: fail',
        });
      }
    }
  },
};

/** Bad request, unauthorized, method not allowed, gone, unprocessable: RFC 9110, 15.5. */
const FINAL: readonly number[] = [400, 401, 405, 410, 422];

/** What APIs call a wrong key, a quota that is used up, and what the plan does not have. */
const FINAL_CODE =
  /^((invalid|missing|unknown|inactive|revoked)_(\w+_)?(key|token|user|credentials?)|unauthorized|unauthenticated|validation_error|usage_limit_reached|function_access_restricted)$/i;
