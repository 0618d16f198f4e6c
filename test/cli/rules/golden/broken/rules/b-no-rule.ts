export default ['acme-list'].length;
