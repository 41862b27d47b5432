/** The snapshot: submitting a point-in-time export, its manifest, and its data files in S3. */
@NullMarked
package io.github.dynamokc.export;

import org.jspecify.annotations.NullMarked;
