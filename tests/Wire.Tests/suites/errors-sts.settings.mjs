// The same issuer as the STS suite.
export { settings } from './sts.settings.mjs';
