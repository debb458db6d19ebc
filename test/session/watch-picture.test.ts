// What an observer knows as the rows of a screen: whose role it is, since when, and what the events say.
import { describe, expect, it } from 'vitest';
import { createWatchFeed } from '../../src/session/watch-feed.ts';
import { routerName, type WatchPicture, watchPicture } from '../../src/session/watch-picture.ts';
import { advert, announcement, type Heard, hearing, macOf } from '../observe/wire-lab.ts';

const [A, B] = ['192.0.2.11', '192.0.2.12'];
const seconds = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

function pictureOf({ observer }: Heard, atS: number) {
  observer.tick(atS * 1e6);
  const at = { now: atS * 1e6, wallTime: 1_000, startedAt: 0, routerId: 'lb1' };
  return watchPicture(observer.snapshot(), at);
}

const row = ({ routers: [router] }: WatchPicture) => ({
  name: router?.name,
  mastership: router?.mastership,
  since: (router?.since ?? 0) / 1e6,
  masters: router?.masters.map(({ address }) => address),
});

describe('the picture of a watch', () => {
  it('has a row for each virtual router: by interface, VLAN, family and VRID', () => {
    const heard = hearing();
    heard.hear(0, advert(A), advert(A, { vrid: 52 }), advert(A, { vlan: 7 }), advert('fe80::11', { vrid: 51 }));
    const { watch, snapshot } = pictureOf(heard, 1);
    const names = ['eth0 v4 51', 'eth0 v4 52', 'eth0.7 v4 51', 'eth0 v6 51'];
    expect(watch.routers.map(({ name }) => name)).toEqual(names);
    expect(snapshot.instances.map(({ name }) => name)).toEqual(names);
    expect(routerName({ interface: '', vlan: undefined, family: 4, vrid: 9 })).toBe('v4 9');
  });

  it('says since when one router is MASTER, when there is none, and when there are two', () => {
    const heard = hearing();
    heard.adverts(A, seconds(0, 10), { priority: 150 });
    expect(row(pictureOf(heard, 9.5).watch)).toMatchObject({ mastership: 'one', since: 0, masters: [A] });
    heard.hear(10, advert(A, { priority: 0 }));
    expect(row(pictureOf(heard, 10.1).watch)).toMatchObject({ mastership: 'none', since: 10, masters: [] });
    heard.adverts(B, seconds(11, 20), { priority: 100 });
    expect(row(pictureOf(heard, 19.5).watch)).toMatchObject({ mastership: 'one', since: 11, masters: [B] });
    for (const at of seconds(20, 30)) heard.hear(at, advert(B, { priority: 100 }), advert(A, { priority: 150 }));
    expect(row(pictureOf(heard, 29.5).watch)).toMatchObject({ mastership: 'several', since: 20, masters: [A, B] });
  });

  it('never says that this host is MASTER, or has an address', () => {
    const heard = hearing();
    heard.adverts(A, seconds(0, 5));
    heard.hear(5, announcement('192.0.2.100', macOf(A)));
    const [instance] = pictureOf(heard, 5).snapshot.instances;
    expect(instance).toMatchObject({ state: 'BACKUP', master: { self: false, address: A, priority: 100 } });
    expect(instance!.source).toBeUndefined();
  });

  it('tells of a router whose adverts nobody accepts', () => {
    const heard = hearing();
    heard.hear(0, advert(A, { ttl: 64 }));
    const { watch } = pictureOf(heard, 1);
    expect(row(watch)).toMatchObject({ mastership: 'none', masters: [] });
    expect(watch.routers[0]!.speakers[0]!.refused).toEqual({ ttl: 1 });
  });

  it('holds no more rows than a screen can take, and counts the rest', () => {
    const heard = hearing();
    for (let i = 0; i < 600; i++) heard.hear(0, advert(A, { vrid: (i % 200) + 1, vlan: Math.floor(i / 200) + 1 }));
    const { watch, snapshot } = pictureOf(heard, 0.5);
    expect([watch.routers.length, watch.more, snapshot.instances.length]).toEqual([500, 100, 500]);
  });
});

describe('what a watch tells a screen', () => {
  const told = (during: (heard: Heard) => void) => {
    const heard = hearing();
    during(heard);
    const feed = createWatchFeed();
    for (const event of heard.events) feed.event(event);
    return { feed, heard, lines: feed.events().since(0) };
  };

  it('names the virtual router, and marks for the lanes whether it has a MASTER', () => {
    const { lines } = told((heard) => {
      heard.adverts(A, seconds(0, 3));
      heard.hear(3, advert(A, { priority: 0 }));
    });
    const states = lines.filter(({ kind }) => kind === 'state');
    expect(states).toMatchObject([
      { instance: 'eth0 v4 51', state: 'MASTER', level: 'info' },
      { instance: 'eth0 v4 51', state: 'INIT', level: 'info' },
    ]);
    expect(states[0]!.text).toBe('192.0.2.11 is MASTER (priority 100), heard first');
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, i) => i + 1));
  });

  it('lists what is wrong first, and what is over last', () => {
    const split = (heard: Heard, from: number, to: number): void => {
      for (const at of seconds(from, to)) heard.hear(at, advert(A, { priority: 150 }), advert(B, { priority: 100 }));
    };
    const { feed, heard } = told((all) => {
      split(all, 0, 20);
      all.adverts(A, seconds(20, 40), { priority: 150 });
    });
    const all = feed.findings(heard.observer.findings());
    const over = all.find(({ id }) => id === 'D01');
    expect(over).toMatchObject({ router: 'eth0 v4 51', severity: 'error' });
    expect(over!.resolved).toBeGreaterThan(20e6);
    expect(new Set(all.map(({ key }) => key)).size).toBe(all.length);
  });

  it('forgets on demand, and goes on counting, so that no row is taken for another', () => {
    const { feed, heard } = told((all) => all.adverts(A, seconds(0, 3)));
    feed.frame({ interface: 'eth0', direction: 'received', at: 1, bytes: advert(A) });
    const [event, packet] = [feed.events().last(), feed.packets().last()];
    feed.clear();
    expect([feed.events().since(0), feed.packets().since(0), feed.findings([])]).toEqual([[], [], []]);
    feed.event(heard.events[0]!);
    feed.frame({ interface: 'eth0', direction: 'received', at: 1, bytes: advert(A) });
    expect([feed.events().last(), feed.packets().last()]).toEqual([event + 1, packet + 1]);
  });
});
