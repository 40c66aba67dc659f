import { authorization } from './authorization';
import { webhook } from './webhook';

export default { webhook, authorization };
