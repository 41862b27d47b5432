/** Real servers and hand-written fakes that the tests and the demo share. */
@NullMarked
package io.github.dynamokc.testing;

import org.jspecify.annotations.NullMarked;
