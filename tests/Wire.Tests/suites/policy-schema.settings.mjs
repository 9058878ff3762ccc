// No call reaches the service, so that one topology shows all there is.
export const topologies = ['embedded'];
export const settings = () => ({ gateway: {}, service: {}, suite: {} });
