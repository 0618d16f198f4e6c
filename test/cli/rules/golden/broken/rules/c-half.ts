export default { name: 'acme-half', severity: 'error', category: 'practice' };
