/** What DescribeTable says of a table. */
@NullMarked
package io.github.dynamokc.table;

import org.jspecify.annotations.NullMarked;
