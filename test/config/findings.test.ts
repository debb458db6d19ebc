import { describe, expect, it } from 'vitest';
import { blockers } from '../../src/config/diagnostic.ts';
import { KNOWN_KEYWORDS, ROOT } from '../../src/config/known-keywords.ts';
import { parseConfig } from '../../src/config/parse-config.ts';

const BASE = 'interface eth0\nvirtual_router_id 5\nvirtual_ipaddress { 10.0.0.1 }';

function inInstance(body: string) {
  return parseConfig(`vrrp_instance V {\n${BASE}\n${body}\n}\n`, 'f');
}

function inGlobals(body: string) {
  return parseConfig(`global_defs {\n${body}\n}\n`, 'f');
}

describe('a keyword that is known but not supported', () => {
  it.each(['virtual_routes {\n10.9.0.0/16 dev eth0 vrf blue\n}', 'track_bfd {\n}', 'track_bfd {\n}'])(
    'blocks when it touches the wire, the election or the addresses: %j',
    (body) => {
      const { diagnostics, exitCode } = inInstance(body);
      expect(blockers(diagnostics)).toMatchObject([{ code: 'not-yet-supported', severity: 'info' }]);
      expect(exitCode).toBe(0);
    },
  );

  it.each(['bfd_instance b {\n}'])('blocks at the outermost level: %j', (text) =>
    expect(blockers(parseConfig(text, 'f').diagnostics)).toHaveLength(1),
  );

  it.each([
    ['smtp_alert', inInstance],
    ['debug 2', inInstance],
    ['smtp_server 10.0.0.1', inGlobals],
    ['enable_snmp_vrrp', inGlobals],
    ['vrrp_no_swap', inGlobals],
    ['notification_email {\na@b.c\n}', inGlobals],
    ['use_pid_dir', (body: string) => parseConfig(body, 'f')],
  ])('does not block otherwise: %j', (body, within) => {
    const { diagnostics, exitCode } = within(body);
    expect(diagnostics).toMatchObject([{ severity: 'info', blocking: false }]);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['strict_mode off', inInstance],
    ['lower_prio_no_advert no', inInstance],
    ['vrrp_strict no', inGlobals],
  ])('says nothing about what happens anyway: %j', (body, within) => {
    expect(within(body).diagnostics).toEqual([]);
  });

  it('virtual_server is skipped whole, and it is said that no health checker runs', () => {
    const { diagnostics } = parseConfig(
      'virtual_server 10.0.0.1 80 {\nprotocol TCP\nlvs_sched rr\nlvs_method NAT\nreal_server 10.0.0.2 80 {\nTCP_CHECK {\n}\n}\n}\n',
      'f',
    );
    expect(diagnostics).toMatchObject([
      {
        blocking: false,
        message: 'virtual_server is accepted, without effect here: kavtui does not run health checkers',
      },
    ]);
  });

  it('is never called unknown, in whatever block it stands', () => {
    for (const [path, keywords] of KNOWN_KEYWORDS) {
      const blocks = path === ROOT ? [] : path.split('/');
      for (const { name, shape } of keywords.values()) {
        const text = `${blocks.map((block) => `${block} x {\n`).join('')}${name} x ${shape === 'line' ? '' : '{ }'}\n`;
        const { diagnostics } = parseConfig(`${text}${'}\n'.repeat(blocks.length)}`, 'f');
        const wrong = diagnostics.filter(({ code }) => code === 'unknown-keyword' || code.endsWith('brace'));
        expect(wrong, `${path} ${name}`).toEqual([]);
      }
    }
  });
});

describe('an unknown keyword', () => {
  it.each([
    ['track_inerface', "did you mean 'track_interface'?"],
    ['virtual_ipadress', "did you mean 'virtual_ipaddress'?"],
    ['Priority', "did you mean 'priority'?"],
    ['fall', "'fall' belongs in vrrp_script"],
    ['router_id', "'router_id' belongs in global_defs; or did you mean 'interface'?"],
    ['vrrp_instance', "'vrrp_instance' stands outside all blocks: is a } missing before it?"],
    ['xyzzy', undefined],
  ])('%s', (word, hint) => {
    const [finding] = inInstance(`${word} 1`).diagnostics;
    expect(finding).toMatchObject({ code: 'unknown-keyword', line: 5, column: 1, length: word.length });
    if (word !== 'router_id') expect(finding!.hint).toBe(hint);
    else expect(finding!.hint).toMatch(/^'router_id' belongs in global_defs/);
  });

  it('has its block read as part of what it stands in, as keepalived does: its } closes that', () => {
    const { diagnostics, config } = inInstance('track_thing {\na b\npriority 7\n}\nnopreempt');
    expect(diagnostics.map(({ code, line }) => `${line} ${code}`)).toEqual([
      '5 unknown-keyword',
      '6 unknown-keyword',
      '9 unknown-keyword',
      '10 extra-close-brace',
    ]);
    expect(diagnostics[3]!.hint).toBe('the } on line 8 closed vrrp_instance already');
    expect(blockers(diagnostics)).toEqual([]);
    expect(config.instances[0]).toMatchObject({ priority: 7, preempt: true });
  });

  it('after a byte order mark is explained', () => {
    expect(parseConfig('\ufeffglobal_defs {\n}\n', 'f').diagnostics[0]!.hint).toContain('byte order mark');
  });
});

describe('braces', () => {
  const codes = (text: string) => parseConfig(text, 'f').diagnostics.map(({ code, line }) => `${line} ${code}`);

  it.each([
    ['global_defs {\nrouter_id a\n', ['1 missing-close-brace']],
    ['global_defs {\n}\n}\n', ['3 extra-close-brace']],
    // keepalived's other processes skip the block only when it has its {.
    ['global_defs\nrouter_id a\n}\n', ['2 missing-open-brace', '2 unknown-keyword', '3 extra-close-brace']],
    ['global_defs\n{\nrouter_id a\n}\n', []],
    ['global_defs { router_id a }\n', []],
    [
      'global_defs {\nrouter_id a {\nfoo\n}\n}\n',
      ['2 unexpected-open-brace', '3 unknown-keyword', '5 extra-close-brace'],
    ],
    ['global_defs {\n{\nfoo\n}\n}\n', ['2 unexpected-open-brace', '3 unknown-keyword', '5 extra-close-brace']],
    ['{\n}\n', ['1 unexpected-open-brace', '2 extra-close-brace']],
    ['global_defs { router_id a } foo', ['1 unknown-keyword']],
  ])('%j', (text, expected) => expect(codes(text)).toEqual(expected));

  it('a list of addresses goes on to the next }, when its own was forgotten', () => {
    const { diagnostics, config } = parseConfig(
      'vrrp_instance V {\ninterface eth0\nvirtual_router_id 5\nvirtual_ipaddress {\n10.0.0.1\npriority 7\n}\n',
      'f',
    );
    expect(diagnostics).toMatchObject([
      { code: 'missing-close-brace', line: 1, aboutWhole: true },
      { code: 'invalid-address', line: 6, hint: "'priority' is a keyword: is the } of the block above it missing?" },
    ]);
    expect(config.instances[0]).toMatchObject({ priority: 100, addresses: [{ address: '10.0.0.1' }] });
  });
});

describe('values', () => {
  it.each([
    ['authentication {\nauth_type PAS\n}', "did you mean 'PASS'?"],
    ['state MASTRE', "did you mean 'MASTER'?"],
    ['track_interface {\neth1 wieght 5\n}', "did you mean 'weight'?"],
    ['authentication { auth_type PASS auth_pass 1111 }', 'write each keyword on a line of its own'],
    ['notify_master /bin/x -0 haproxy', 'put the whole command in double quotes'],
  ])('misspelled: %j', (body, hint) => {
    expect(inInstance(body).diagnostics.map((finding) => finding.hint)).toContain(hint);
  });

  it('a second line of which the last counts is pointed out', () => {
    expect(inInstance('interface eth1').diagnostics).toMatchObject([
      { code: 'duplicate', severity: 'info', message: 'interface stands on line 2 too: this one counts' },
    ]);
  });
});

describe('unicast without an interface', () => {
  const base = 'vrrp_instance V {\nvirtual_router_id 5\nvirtual_ipaddress { 10.0.0.1 }\nunicast_peer { 10.1.1.2 }\n';

  it('cannot run without a source address either', () => {
    expect(parseConfig(`${base}}\n`, 'f')).toMatchObject({ fatal: true, diagnostics: [{ code: 'missing-interface' }] });
  });

  it('runs with one, and an address without a dev is left out', () => {
    const { fatal, diagnostics } = parseConfig(`${base}unicast_src_ip 10.1.1.1\n}\n`, 'f');
    expect({ fatal, diagnostics }).toMatchObject({
      fatal: false,
      diagnostics: [{ code: 'missing-interface', severity: 'info', blocking: false }, { code: 'missing-value' }],
    });
  });
});

describe('secrets', () => {
  it.each(['auth_pass s3cret', 'auth_pas s3cret', 'auth_pass "s3 cret#x"', 'auth_pass s3 cret'])(
    'of %j never stand in a finding',
    (line) => {
      const { diagnostics } = inInstance(`authentication {\nauth_type PASS\n${line} # too long: s3cret\nbogus\n}`);
      expect(diagnostics.length).toBeGreaterThan(0);
      expect(JSON.stringify(diagnostics)).not.toMatch(/s3|cret/);
    },
  );
});
