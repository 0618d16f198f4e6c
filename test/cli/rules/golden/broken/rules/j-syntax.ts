export default { name: 'acme-syntax' 
