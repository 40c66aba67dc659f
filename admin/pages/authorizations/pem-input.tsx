/** A certificate or a key in PEM: many lines, pasted or read from a file. */
import * as React from 'react';
import { TextButton, Textarea } from '@strapi/design-system';
import { MASK } from '../../../server/contract/names';
import { Labelled } from '../../components/labelled';
import { useText } from '../../translations/use-text';
import { useSecretHint, type SecretProps } from '../../components/secret-input';

/** Every line has 64 characters, which have to be comparable with the file by eye. */
const AS_IN_THE_FILE = {
  fontFamily: 'Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSize: '1.2rem',
  whiteSpace: 'pre',
  overflowWrap: 'normal',
} as const;

/** Opens the browser's own choice of a file; what is chosen never leaves the page before it is saved. */
const FileButton = ({ label, onRead }: { label: string; onRead: (pem: string) => void }) => {
  const text = useText();
  const input = React.useRef<HTMLInputElement>(null);
  const read = async (event: React.ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? [];
    if (file) onRead(await file.text());
    event.target.value = '';
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept=".pem,.crt,.cer,.key"
        aria-label={text('authorizations.fileOf', { name: label })}
        onChange={read}
      />
      <TextButton type="button" onClick={() => input.current?.click()}>
        {text('authorizations.chooseFile')}
      </TextButton>
    </>
  );
};

type Props = SecretProps & { placeholder: string };

export const PemInput = (props: Props) => {
  const { name, label, value, error, isStored, isOptional, isReadOnly, onChange } = props;
  return (
    <Labelled
      name={name}
      label={label}
      hint={useSecretHint(props)}
      error={error}
      isRequired={!isStored && !isOptional}
      labelAction={!isReadOnly && <FileButton label={label} onRead={onChange} />}
    >
      <Textarea
        value={value}
        placeholder={isStored ? MASK : props.placeholder}
        rows={6}
        style={AS_IN_THE_FILE}
        spellCheck={false}
        autoComplete="off"
        disabled={isReadOnly}
        onChange={(event) => onChange(event.target.value)}
      />
    </Labelled>
  );
};
