// At start, the playground creates its three languages, and simulates a licensed feature.
const LOCALES = [
  { code: 'en', name: 'English (en)' },
  { code: 'fr', name: 'French (fr)' },
  { code: 'de', name: 'German (de)' },
];

/** A stand-in for what the licensed Review Workflows add to a content type: its documents have a stage. */
const addStage = (contentType) => {
  contentType.attributes.strapi_stage = {
    type: 'relation',
    relation: 'manyToOne',
    target: 'plugin::review-workflows.workflow-stage',
    // Shown in no form, with a value per locale.
    visible: false,
    configurable: false,
  };
};

module.exports = {
  // PLAYGROUND_WITH_STAGES=1: stages for articles, which tests fill with rows of their own.
  register({ strapi }) {
    if (process.env.PLAYGROUND_WITH_STAGES !== '1') return;
    strapi.get('content-types').extend('api::article.article', addStage);
  },

  async bootstrap({ strapi }) {
    const locales = strapi.plugin('i18n').service('locales');
    for (const locale of LOCALES) {
      if (!(await locales.findByCode(locale.code))) await locales.create(locale);
    }
  },
};
