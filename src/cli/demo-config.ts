// The three keepalived.conf files of the demo, built from one template.

export const DEMO_INTERFACE = 'ens160';
export const DEMO_SCRIPT = '/bin/bash /etc/keepalived/check.sh';
export const DEMO_ROUTERS = ['lb1', 'lb2', 'lb3'] as const;

/** Own address of router `i` (0 is lb1). 192.0.2.0/24 is reserved for examples (RFC 5737). */
export function demoAddress(i: number): string {
  return `192.0.2.${11 + i}`;
}

const PRIORITIES = [241, 200, 150] as const;

/** What the operator of router `i` (0 is lb1) has written. */
export function demoConfig(i: number): string {
  const peers = DEMO_ROUTERS.map((_, k) => k).filter((k) => k !== i);
  return `global_defs {
    router_id ${DEMO_ROUTERS[i]}
}

vrrp_script health_check {
    script "${DEMO_SCRIPT}"
    interval 1
    timeout 5
    rise 3
    fall 3
    user root
}

# The web site: whoever has it keeps it.
vrrp_instance VI_1 {
    state BACKUP
    nopreempt
    virtual_router_id 249
    priority ${PRIORITIES[i]}
    interface ${DEMO_INTERFACE}
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass 1111
    }
    unicast_peer {
${peers.map((k) => `        ${demoAddress(k)}`).join('\n')}
    }
    virtual_ipaddress {
        192.0.2.100/24
        192.0.2.101/24
    }
    track_script {
        health_check
    }
}

# The database: the best router has it, in VRRPv3 with two adverts a second. lb2 is the best one here.
vrrp_instance VI_2 {
    state BACKUP
    version 3
    virtual_router_id 51
    priority ${PRIORITIES[(i + 2) % 3]}
    interface ${DEMO_INTERFACE}
    advert_int 0.5
    virtual_ipaddress {
        192.0.2.200/24
    }
    track_script {
        health_check
    }
}
`;
}
