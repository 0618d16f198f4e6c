export const rule = { name: 'acme-named' };
