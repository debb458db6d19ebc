// biome-ignore-all lint/suspicious/noTemplateCurlyInString: keepalived's own syntax
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { printConfig } from '../../src/config/print.ts';

const FILES: Readonly<Record<string, string>> = { peers: '10.0.0.2\n10.0.0.3 min_ttl 5' };
const OPTIONS = {
  configId: 'one',
  files: {
    list: (pattern: string) => [{ path: pattern, kind: 'file' as const }],
    read: (path: string) => ({ text: FILES[path]!, directory: '.' }),
  },
};

/** The printed lines without the comment at the top. */
function printed(text: string, redact = false): string {
  const { statements } = parseConfig(text, 'f', OPTIONS);
  return printConfig(statements, 'f', { redact }).split('\n').slice(1).join('\n').trim();
}

describe('printing', () => {
  it('begins with the name of the file, made harmless', () => {
    const { statements } = parseConfig('global_defs { router_id a }', 'f', OPTIONS);
    expect(printConfig(statements, 'a\nb\x1b[2J.conf')).toMatch(
      /^# a b\.conf, as kavtui read it: .*\n\nglobal_defs \{\n/,
    );
  });

  it('writes one statement a line, blocks indented and apart', () => {
    expect(printed('global_defs { router_id a }\nuse_pid_dir\ninstance x\nvrrp_script s { script /x\nweight 5}')).toBe(
      [
        'global_defs {',
        '    router_id a',
        '}',
        '',
        'use_pid_dir',
        'instance x',
        '',
        'vrrp_script s {',
        '    script /x',
        '    weight 5',
        '}',
      ].join('\n'),
    );
  });

  it('writes out definitions, conditions, sequences and includes', () => {
    const text = [
      '$IF=eth0',
      'vrrp_instance V {',
      '@one interface $IF',
      '@two interface eth9',
      'virtual_ipaddress {',
      '~SEQ(i,2) 10.1.1.${i} dev ${IF}.7',
      '}',
      'unicast_peer {',
      'include peers',
      '}',
      '}',
    ].join('\n');
    expect(printed(text)).toBe(
      [
        'vrrp_instance V {',
        '    interface eth0',
        '    virtual_ipaddress {',
        '        10.1.1.1 dev eth0.7',
        '        10.1.1.2 dev eth0.7',
        '    }',
        '    unicast_peer {',
        '        10.0.0.2',
        '        10.0.0.3 min_ttl 5',
        '    }',
        '}',
      ].join('\n'),
    );
  });

  it('puts what every instance has first, and leaves all other lines in their order', () => {
    const text = 'vrrp_instance V {\npriority 5\nnopreempt\nadvert_int 2\nno_accept\npriority 6\nstate BACKUP\n}';
    const lines = ['state BACKUP', 'priority 5', 'priority 6', 'advert_int 2', 'nopreempt', 'no_accept'];
    expect(printed(text)).toBe(`vrrp_instance V {\n    ${lines.join('\n    ')}\n}`);
  });

  it('keeps what has no effect here, and what keepalived does not know', () => {
    const text =
      'virtual_server 10.0.0.1 80 {\nlb_algo rr\nalpha\nfoo a "b c"\nreal_server 10.0.0.2 80 {\nweight 1\n}\n}';
    expect(printed(text)).toBe(
      [
        'virtual_server 10.0.0.1 80 {',
        '    lvs_sched rr',
        '    alpha',
        '    foo a "b c"',
        '    real_server 10.0.0.2 80 {',
        '        weight 1',
        '    }',
        '}',
      ].join('\n'),
    );
  });

  it.each([
    ['a blank', 'router_id "a b"', 'router_id "a b"'],
    ['nothing', 'router_id ""', 'router_id ""'],
    ['a comment', 'router_id a\\#b', 'router_id "a#b"'],
    ['a brace', 'router_id "{"', 'router_id "{"'],
    ['a name to replace', 'router_id "$_PWD"', 'router_id "$_PWD"'],
    ['none without need', 'router_id "abc"', 'router_id abc'],
  ])('quotes a word with %s', (_, line, expected) => {
    expect(printed(`global_defs {\n${line}\n}`)).toBe(`global_defs {\n    ${expected}\n}`);
  });

  it.each(['include', '@one', '~SEQ(i,2)', 'include x'])('quotes %j where it begins a line of a list', (word) => {
    expect(printed(`track_group g {\ngroup {\n"${word}" x\n}\n}`)).toContain(`\n        "${word}" x\n`);
  });

  it.each([
    ['plain words', 'notify_master /bin/x root', 'notify_master /bin/x root'],
    ['blanks', "notify_master '/bin/x a'", 'notify_master "/bin/x a"'],
    ['quotes within', String.raw`notify_master "sh -c \"a b\""`, String.raw`notify_master "sh -c \"a b\""`],
    ['one quote within', String.raw`notify_master "a\x22b"`, String.raw`notify_master "a\x22b"`],
    ['a backslash', String.raw`notify_master "a\\b"`, String.raw`notify_master "a\\b"`],
    ['a comment mark and quotes', String.raw`notify_master 'a"!"'`, String.raw`notify_master "a\x22!\x22"`],
    ['braces and quotes', String.raw`notify_master "a\x22{\x22"`, String.raw`notify_master "a\x22{\x22"`],
    ['control characters', String.raw`notify_master "a\n\001"`, String.raw`notify_master "a\x0a\x01"`],
    ['a predefined name', String.raw`notify_master "\x24{_PWD}"`, String.raw`notify_master "\x24{_PWD}"`],
  ])('escapes a command with %s', (_, line, expected) => {
    expect(printed(`vrrp_sync_group G {\n${line}\n}`)).toBe(`vrrp_sync_group G {\n    ${expected}\n}`);
  });

  it('leaves out the indentation of a line that would be too long with it', () => {
    const text = `vrrp_instance V {\ntrack_script {\n${'x'.repeat(1020)}\n}\n}`;
    expect(printed(text)).toContain(`\n${'x'.repeat(1020)}\n`);
  });
});

describe('secrets', () => {
  const TEXT =
    'vrrp_instance V {\nauthentication {\nauth_type PASS\nauth_pass s3cret\nauth_pas s3cret\n}\n}\nSSL {\npassword s3cret\n}';

  it('are printed, since the text is read again', () => {
    expect(printed(TEXT).match(/s3cret/g)).toHaveLength(3);
  });

  it('are asterisks when redacted, also behind a misspelled keyword', () => {
    const text = printed(TEXT, true);
    expect(text).not.toContain('s3cret');
    expect(text).toContain('auth_type PASS\n        auth_pass ********\n        auth_pas ********\n');
  });
});
