// The service that a health check asks: answers 200 over HTTPS. Arguments: port, key file, certificate file.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const [port, key, cert] = process.argv.slice(2);
createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) => response.end('ok\n')).listen(
  Number(port),
  '127.0.0.1',
  () => process.stdout.write('listening\n'),
);
