package io.github.dynamokc.record;

import io.github.dynamokc.event.JsonCursor;

/** The type tags of DynamoDB JSON. */
enum AttributeType {
  S,
  N,
  B,
  BOOL,
  NULL,
  M,
  L,
  SS,
  NS,
  BS;

  /** The type that the string the cursor read last names. */
  static AttributeType of(JsonCursor in) {
    byte[] array = in.array();
    int from = in.tokenFrom();
    switch (in.tokenTo() - from) {
      case 1 -> {
        switch (array[from]) {
          case 'S' -> {
            return S;
          }
          case 'N' -> {
            return N;
          }
          case 'M' -> {
            return M;
          }
          case 'L' -> {
            return L;
          }
          case 'B' -> {
            return B;
          }
          default -> {}
        }
      }
      case 2 -> {
        if (array[from + 1] == 'S') {
          switch (array[from]) {
            case 'S' -> {
              return SS;
            }
            case 'N' -> {
              return NS;
            }
            case 'B' -> {
              return BS;
            }
            default -> {}
          }
        }
      }
      default -> {
        if (in.tokenIs("BOOL")) {
          return BOOL;
        }
        if (in.tokenIs("NULL")) {
          return NULL;
        }
      }
    }
    throw in.malformed("an attribute type (S, N, B, BOOL, NULL, M, L, SS, NS, BS) expected");
  }
}
