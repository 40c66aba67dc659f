/** Which content types and locales the webhook is about. */
import type { ContentTypeInfo, ContentTypes } from '../../../../server/contract/content-type';
import type { Option } from '../../../components/choice';
import { Labelled } from '../../../components/labelled';
import { MultiChoice } from '../../../components/multi-choice';
import { SectionBox } from '../../../components/section-box';
import { useText } from '../../../translations/use-text';
import type { WebhookForm } from '../use-webhook-form';

type Props = {
  form: WebhookForm;
  /** Those to choose from. */
  contentTypes: ContentTypeInfo[];
  locales: ContentTypes['locales'];
};

/** Sorted by display name. Types of the same name also show their uid; hidden types are marked. */
const useTypeOptions = () => {
  const text = useText();
  return (types: ContentTypeInfo[]): Option<string>[] =>
    types.map(({ uid, displayName, isHidden }) => {
      const isTwice = types.some((type) => type.displayName === displayName && type.uid !== uid);
      const name = isTwice ? `${displayName} (${uid})` : displayName;
      return { value: uid, label: isHidden ? text('scope.hiddenType', { type: name }) : name };
    });
};

const firstProblem = (form: WebhookForm, field: string) =>
  Object.entries(form.problems).find(([path]) => path.split('.')[0] === field)?.[1];

export const ScopeSection = ({ form, contentTypes, locales }: Props) => {
  const text = useText();
  const typeOptions = useTypeOptions();
  const isOfWorkflow = form.draft.kind !== 'event';
  return (
    <SectionBox
      title={text('scope.title')}
      description={text(isOfWorkflow ? 'scope.description.workflow' : 'scope.description')}
    >
      <Labelled
        name="contentTypes"
        label={text('scope.contentTypes')}
        hint={text(isOfWorkflow ? 'scope.contentTypes.hint.workflow' : 'scope.contentTypes.hint')}
        error={firstProblem(form, 'contentTypes')}
      >
        <MultiChoice
          value={form.draft.contentTypes}
          options={typeOptions(contentTypes)}
          placeholder={text(isOfWorkflow ? 'scope.allOfWorkflow' : 'scope.allContentTypes')}
          isDisabled={form.isReadOnly}
          clearLabel={text('scope.clearContentTypes')}
          onChange={(chosen) => form.set({ contentTypes: chosen })}
        />
      </Labelled>
      {(locales.length > 0 || form.draft.locales.length > 0) && (
        <Labelled
          name="locales"
          label={text('scope.locales')}
          error={firstProblem(form, 'locales')}
        >
          <MultiChoice
            value={form.draft.locales}
            options={locales.map(({ code, name }) => ({ value: code, label: name }))}
            placeholder={text('scope.allLocales')}
            isDisabled={form.isReadOnly}
            clearLabel={text('scope.clearLocales')}
            onChange={(chosen) => form.set({ locales: chosen })}
          />
        </Labelled>
      )}
    </SectionBox>
  );
};
