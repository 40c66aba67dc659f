/** Kept from the content panels: what the plugin stores is managed on its own pages. */
export const hidden = () => ({
  'content-manager': { visible: false },
  'content-type-builder': { visible: false },
});
