import { runService } from '@lisible/platform';
import { gatewayProcess } from './gateway.process.ts';

await runService(gatewayProcess);
