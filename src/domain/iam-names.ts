// What AWS's own names may look like, wherever one comes in from outside.

/** Twelve digits. */
export const ACCOUNT: RegExp = /^\d{12}$/;

/** AWS's pattern for IAM user names. */
export const USER_NAME: RegExp = /^[\w+=,.@-]{1,64}$/;
