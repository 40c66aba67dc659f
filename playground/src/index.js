// What the playground does at start: it makes sure that its three languages exist.
const LOCALES = [
  { code: 'en', name: 'English (en)' },
  { code: 'fr', name: 'French (fr)' },
  { code: 'de', name: 'German (de)' },
];

module.exports = {
  async bootstrap({ strapi }) {
    const locales = strapi.plugin('i18n').service('locales');
    for (const locale of LOCALES) {
      if (!(await locales.findByCode(locale.code))) await locales.create(locale);
    }
  },
};
