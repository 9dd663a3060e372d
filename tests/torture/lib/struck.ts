/** What a process says with its last breath: a kill that never came must not pass for one that was survived. */
export const STRUCK = 'killed at its step';
