import { warehouseContract } from './contract.ts';
import { openDuckdbRig } from './rig.ts';

warehouseContract('duckdb', openDuckdbRig);
