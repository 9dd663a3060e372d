/** The single pair of channels; names of methods and events travel inside, so that a page cannot choose a channel. */
export const CHANNEL_CALL = 'roadbook:call';
export const CHANNEL_EVENT = 'roadbook:event';
