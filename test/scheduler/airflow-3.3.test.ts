import { schedulerTests } from './scheduler-tests.ts';

schedulerTests('3.3');
