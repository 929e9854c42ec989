#!/usr/bin/env node
// Starts the command in a clone, where nothing is built.
import { register } from 'tsx/esm/api';

register();
await import('./keyrotate.ts');
