import { outside } from '../../outside.ts'; export default outside;
