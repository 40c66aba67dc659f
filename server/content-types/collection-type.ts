/** A content type that the content panels hide: the plugin manages it on its own pages. */
const HIDDEN = {
  'content-manager': { visible: false },
  'content-type-builder': { visible: false },
};

type Index = { name: string; columns: string[]; type?: 'unique' };
type Parts = { plural: string; title: string; attributes: object; indexes?: Index[] };

export function collectionType(singularName: string, parts: Parts) {
  const { plural: pluralName, title: displayName, attributes, indexes } = parts;
  const table = `workflow_webhooks_${pluralName.replaceAll('-', '_')}`;
  return {
    schema: {
      kind: 'collectionType',
      collectionName: table,
      info: { singularName, pluralName, displayName },
      options: { draftAndPublish: false },
      pluginOptions: structuredClone(HIDDEN),
      ...(indexes && { indexes: indexes.map((one) => ({ ...one, name: `${table}_${one.name}` })) }),
      // A copy, because Strapi writes the name of the column into the attribute objects that it is given.
      attributes: structuredClone(attributes),
    },
  };
}
