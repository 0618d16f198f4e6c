import { nothing } from './lib/nothing.ts'; export default nothing;
