/**
 * Items and keys as Connect structs, for converters with a schema registry.
 *
 * <p><b>Columns</b> ({@link io.github.dynamokc.struct.ColumnStructs}). An item is a struct of one
 * named schema a table. Its fields are the key attributes (partition key, then sort key), which are
 * required; then {@code __other}, an optional map of text; then an optional field for each other
 * attribute, in the order in which they were met. Fields are only ever appended, in nested structs
 * too, and none changes its type.
 *
 * <p>A column holds an attribute's value exactly, or it is null. What a column cannot hold stands
 * in {@code __other}, under the attribute's own name, as the text of its DynamoDB JSON, such as
 * <code>
 * {"S":"abc"}</code>. Nothing is lost, except that an attribute that is NULL and one that is not
 * there are both null. Where {@code __other} has an attribute, that is what counts. It is null when
 * empty.
 *
 * <table>
 *   <caption>What a column is, by the type of the value that it was first met with</caption>
 *   <tr><td>S</td><td>string</td></tr>
 *   <tr><td>N</td><td>by {@code struct.number.mode}: {@code decimal}, Connect's Decimal of scale 18
 *       and precision 38, for numbers of up to 20 digits before the point and 18 behind it;
 *       {@code string}, plain decimal text with the digits given; {@code double}, which
 *       rounds</td></tr>
 *   <tr><td>B</td><td>bytes</td></tr>
 *   <tr><td>BOOL</td><td>boolean</td></tr>
 *   <tr><td>SS, NS, BS</td><td>array in the order given, elements required</td></tr>
 *   <tr><td>L</td><td>array of optional elements, if all elements that are not NULL are of one type;
 *       otherwise JSON text</td></tr>
 *   <tr><td>M</td><td>struct of optional fields, up to 200; otherwise JSON text</td></tr>
 * </table>
 *
 * <ul>
 *   <li>JSON text is a string of DynamoDB JSON. Such a column takes values of any type. What is in
 *       more than five lists and maps in one another becomes JSON text as well.
 *   <li>The parameter {@code dynamodb.type} of a column's schema tells its type: S, N, B, BOOL, SS,
 *       NS, BS, L, M or JSON. A value of another type does not fit, nor does a number beyond the
 *       Decimal. If part of a value does not fit, nothing of it does.
 *   <li>Field names are legal Avro names; see {@link io.github.dynamokc.struct.FieldNames}. If that
 *       is not the attribute's name, the parameter {@code dynamodb.name} tells it. A nested
 *       struct's schema is named by its path, such as {@code orders.Value_xxaddress_xxcity}.
 *   <li>NULL makes no column. Neither does a list or map with nothing but NULLs and empty lists and
 *       maps in it, as it tells no type: it stands in {@code __other}. Inside of a value it makes
 *       no field; the column holds the rest then, and the whole value stands in {@code __other}
 *       besides. Once the type is known, an empty list is an empty array and an empty map a struct
 *       of nulls, as is a map of NULLs only.
 *   <li>A value adds columns or fields only if it fits with them. A table has at most 1,000 columns
 *       besides the keys, a nested struct 200 fields, and all together 5,000 fields and 600 KB of
 *       Avro schema: what would exceed that stands in {@code __other} whole. That is for maps that
 *       are dictionaries, with data for names: each item would make another schema.
 *   <li>With a schema registry, columns are claimed before they are used ({@link
 *       io.github.dynamokc.struct.RegisteredColumns}), so that an attribute has one type for ever,
 *       whoever writes. What is claimed keeps its type and its form of numbers. A registered field
 *       that is none of these columns is left alone, with a warning: its attribute stands in {@code
 *       __other}.
 *   <li>A number of the key that cannot be held exactly fails its item, for two items must never
 *       share a key.
 * </ul>
 *
 * <p><b>Attributes</b> ({@link io.github.dynamokc.struct.AttributeStructs}). An item is a map from
 * attribute name to a struct of the value: its type, and a field for each type, of which one is
 * set. Numbers are plain decimal text; lists and maps are the text of their DynamoDB JSON without
 * the type, such as <code>{"a":{"S":"x"}}</code>. The schema is the same for all tables, and
 * nothing is lost.
 */
@NullMarked
package io.github.dynamokc.struct;

import org.jspecify.annotations.NullMarked;
