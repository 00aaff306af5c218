// SPDX-License-Identifier: Apache-2.0
// Until this folder has sources; goes with the first.
