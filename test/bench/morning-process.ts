// One morning in a process of its own: two of them are played on two cores.
import { morning } from './morning.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const [, , owners, tags] = process.argv;
const told = await morning(Number(owners), tags === 'mail' ? 'mail' : 'id');
process.send?.(told, () => process.disconnect());
