// The configuration that kavtui has to run before all others, and twenty ways in which people break it.

export const MAIN_JOB = `vrrp_script health_check {
    script "/bin/bash /etc/keepalived/check.sh"
    interval 1
    timeout 5
    rise 3
    fall 3
    user root
}
vrrp_instance VI_1 {
    state BACKUP
    nopreempt
    virtual_router_id 249
    priority 241
    interface ens160
    advert_int 1
    authentication { auth_type PASS
        auth_pass 1111 }
    unicast_peer { 3.1.5.242
        3.1.5.243 }
    virtual_ipaddress { 3.1.5.249 }
    track_script { health_check }
}
`;

/** MAIN_JOB with one piece of it replaced; the piece has to be there. */
export function broken(piece: string, by: string): string {
  if (!MAIN_JOB.includes(piece)) throw new Error(`not in the configuration: ${piece}`);
  return MAIN_JOB.replace(piece, () => by);
}

/** What went wrong, in the words of whoever did it, and the file that came of it. */
export const BROKEN: Readonly<Record<string, string>> = {
  'a misspelled keyword': broken('track_script {', 'track_scirpt {'),
  'a keyword that is right elsewhere': broken('fall 3', 'fail 3'),
  'a misspelled state': broken('state BACKUP', 'state BACKPU'),
  'a script that is not there': broken('track_script { health_check }', 'track_script { healthcheck }'),
  'no word after interface': broken('interface ens160', 'interface'),
  'no virtual_router_id': broken('    virtual_router_id 249\n', ''),
  'a virtual_router_id above 255': broken('virtual_router_id 249', 'virtual_router_id 2490'),
  'a priority with a letter O for a zero': broken('priority 241', 'priority 2O1'),
  'the } of virtual_ipaddress forgotten': broken('{ 3.1.5.249 }', '{ 3.1.5.249'),
  'the last } forgotten': broken('health_check }\n}', 'health_check }'),
  'one } too many': broken('fall 3\n', 'fall 3 }\n'),
  'a quote that is not closed': broken('check.sh"', 'check.sh'),
  'a password of nine characters': broken('auth_pass 1111', 'auth_pass s3cr3tpwd'),
  'an address with a part too large': broken('{ 3.1.5.249 }', '{ 3.1.5.294 }'),
  'a netmask for a prefix length': broken('{ 3.1.5.249 }', '{ 3.1.5.249/255.255.255.0 }'),
  'two peers on one line': broken('3.1.5.242\n        3.1.5.243', '3.1.5.242 3.1.5.243'),
  'half a second in VRRPv2': broken('advert_int 1', 'advert_int 0.5'),
  'MASTER with nopreempt': broken('state BACKUP', 'state MASTER'),
  'a no-break space pasted from a web page': broken('priority 241', 'priority\u00a0241'),
  'the instance pasted twice under another name': `${MAIN_JOB}${MAIN_JOB.slice(MAIN_JOB.indexOf('vrrp_instance')).replace('VI_1', 'VI_2')}`,
};
