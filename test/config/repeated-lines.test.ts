// biome-ignore-all lint/suspicious/noTemplateCurlyInString: keepalived's own syntax
// Lines that values of several lines make again and again are worked out once: what comes of them must not differ.
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { printConfig } from '../../src/config/print.ts';

/** The text as it was understood, and how often what was found in it. */
function read(text: string) {
  const { statements, diagnostics, exitCode } = parseConfig(text, 'f');
  const found = diagnostics.map(({ code, severity, message }) => `${severity} ${code} ${message}`).sort();
  return { printed: printConfig(statements, 'f'), found, exitCode };
}

/** A real server with a check, of which `line` is one of the lines. */
function server(address: string, line: string, end = '\n'): string {
  return [`real_server ${address} 80 {`, 'weight 1', line, 'TCP_CHECK {', 'connect_port $PORT', '}', '}'].join(end);
}

const VIRTUAL = 'virtual_server 10.0.0.1 80 {\nprotocol TCP\nlvs_sched rr\nlvs_method NAT\n';

describe('a real server that a sequence makes three times is read as three that are written', () => {
  it.each([
    ['one of which nothing is to be said', 'inhibit_on_failure'],
    ['a number that is none', 'uthreshold many'],
    ['a line that is there twice', 'notify_up /bin/true root\\\nnotify_up /bin/false root'],
    ['a keyword without its word', 'snmp_name'],
    ['a word too many in quotes', 'virtualhost "a b" c'],
    ['an option that is none', 'lvs_method TUN kind'],
    ['a name whose value changes', 'uthreshold ${N}'],
  ])('%s', (_, line) => {
    const value = `$SERVER= \\\n${server('10.0.1.${N}', line.replace('\\\n', ' \\\n'), ' \\\n')}\n\n`;
    const made = read(`$PORT=80\n${value}${VIRTUAL}~SEQ(N,1,3) $SERVER\n}\n`);
    const each = (n: number) => server(`10.0.1.${n}`, line.replace('\\\n', '\n').replace('${N}', String(n)));
    const written = read(`$PORT=80\n${VIRTUAL}${[1, 2, 3].map(each).join('\n')}\n}\n`);
    expect(made).toEqual(written);
    expect(made.printed.match(/connect_port 80/g)).toHaveLength(3);
  });

  it('also in several virtual servers, with a name that is defined anew between them', () => {
    const value = `$SERVER= \\\n${server('10.0.1.${N}', 'alpha', ' \\\n')}\n\n`;
    const made = read(
      `${value}$PORT=80\n${VIRTUAL}~SEQ(N,1,2) $SERVER\n}\n$PORT=81\n${VIRTUAL}~SEQ(N,1,2) $SERVER\n}\n`,
    );
    expect(made.printed.match(/connect_port 80/g)).toHaveLength(2);
    expect(made.printed.match(/connect_port 81/g)).toHaveLength(2);
  });

  it('a sorry_server_inhibit above its sorry_server is wrong, what the sequence makes below it is not', () => {
    const value = '$LINE= \\\nsorry_server_inhibit \\\nsorry_server 10.0.0.9 80\n\n';
    const { diagnostics } = parseConfig(`${value}${VIRTUAL}~SEQ(N,1,3) $LINE\n}\n`, 'f');
    const wrong = diagnostics.filter(({ message }) => message.includes('has to stand above'));
    expect(wrong.map(({ line }) => line)).toEqual([9]);
  });
});
