import { schedulerTests } from './scheduler-tests.ts';

schedulerTests('2.11');
