// The panel asks GitHub for Strapi's latest release unless it is told not to: the playground calls nobody.
export default {
  config: { locales: ['de'], notifications: { releases: false }, tutorials: false },
};
