import { configure } from '@testing-library/react';

// A condition is waited for, however busy the machine is: the default second is over while a throttled machine stands still.
configure({ asyncUtilTimeout: 15_000 });
