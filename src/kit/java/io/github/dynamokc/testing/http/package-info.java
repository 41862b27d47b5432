/** HTTP on loopback: servers that answer what a test wants, and a proxy that breaks answers. */
@NullMarked
package io.github.dynamokc.testing.http;

import org.jspecify.annotations.NullMarked;
