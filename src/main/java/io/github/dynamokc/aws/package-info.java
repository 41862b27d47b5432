/**
 * How AWS is reached: clients and their credentials, what kind an error is of, how long to wait
 * after one.
 *
 * <p>What AWS says (tables, shards, exports) belongs to the packages that ask for it.
 */
@NullMarked
package io.github.dynamokc.aws;

import org.jspecify.annotations.NullMarked;
