/** The connector at work on one machine: {@code mvn -Pdemo verify}. */
@NullMarked
package io.github.dynamokc.demo;

import org.jspecify.annotations.NullMarked;
