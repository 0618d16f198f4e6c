export default { get name() { throw new Error('a getter'); } };
