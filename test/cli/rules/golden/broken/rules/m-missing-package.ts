import nothing from 'a-package-that-is-not-there'; export default nothing;
